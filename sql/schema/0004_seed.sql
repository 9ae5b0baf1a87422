-- The permissions and the predefined roles (PRD "System Permissions", "Predefined Roles"; ranks and
-- further roles: design section 5). libpromo/model/permissions.def holds the same list; a test
-- compares the two. Ids are fixed, so that every installation agrees on them.

INSERT INTO permissions (id, key, description) VALUES
	('00000000-0000-7000-8000-000000001001', 'users.read', 'view user profiles and information'),
	('00000000-0000-7000-8000-000000001002', 'users.create', 'create user accounts'),
	('00000000-0000-7000-8000-000000001003', 'users.update', 'modify user information and settings'),
	('00000000-0000-7000-8000-000000001004', 'users.delete', 'remove user accounts'),
	('00000000-0000-7000-8000-000000001005', 'users.roles.assign', 'assign roles to users'),
	('00000000-0000-7000-8000-000000001006', 'users.roles.revoke', 'remove roles from users'),
	('00000000-0000-7000-8000-000000001007', 'users.permissions.manage', 'manage permissions of users and roles'),
	('00000000-0000-7000-8000-000000001008', 'users.registration.manage', 'manage registration settings'),
	('00000000-0000-7000-8000-000000001009', 'users.registration.approve', 'approve pending registrations'),
	('00000000-0000-7000-8000-00000000100a', 'customers.read', 'view customer profiles and information'),
	('00000000-0000-7000-8000-00000000100b', 'customers.search', 'search for customers'),
	('00000000-0000-7000-8000-00000000100c', 'customers.privacy.manage', 'export and erase the data of a customer'),
	('00000000-0000-7000-8000-00000000100d', 'batches.read', 'view batches and their statistics'),
	('00000000-0000-7000-8000-00000000100e', 'batches.create', 'create batches'),
	('00000000-0000-7000-8000-00000000100f', 'batches.update', 'modify batches'),
	('00000000-0000-7000-8000-000000001010', 'batches.delete', 'remove batches of which nothing was redeemed'),
	('00000000-0000-7000-8000-000000001011', 'batches.assign', 'assign batches to users'),
	('00000000-0000-7000-8000-000000001012', 'batches.status.change', 'change the status of batches'),
	('00000000-0000-7000-8000-000000001013', 'promo-codes.read', 'view promo codes'),
	('00000000-0000-7000-8000-000000001014', 'promo-codes.generate', 'generate promo codes'),
	('00000000-0000-7000-8000-000000001015', 'promo-codes.import', 'import codes from CSV files'),
	('00000000-0000-7000-8000-000000001016', 'promo-codes.download', 'download codes as PDF or CSV'),
	('00000000-0000-7000-8000-000000001017', 'promo-codes.status.change', 'change the status of a code'),
	('00000000-0000-7000-8000-000000001018', 'promo-codes.bulk.operations', 'change many codes at once'),
	('00000000-0000-7000-8000-000000001019', 'promo-codes.validate', 'validate the format and uniqueness of codes'),
	('00000000-0000-7000-8000-00000000101a', 'promo-codes.search', 'verify a code'),
	('00000000-0000-7000-8000-00000000101b', 'promo-codes.fraud.report', 'report the redemption of a code as a fraud'),
	('00000000-0000-7000-8000-00000000101c', 'redemptions.create.manual', 'redeem codes'),
	('00000000-0000-7000-8000-00000000101d', 'redemptions.read', 'view redemptions'),
	('00000000-0000-7000-8000-00000000101e', 'redemptions.search', 'search and filter redemptions'),
	('00000000-0000-7000-8000-00000000101f', 'alerts.read', 'view alerts'),
	('00000000-0000-7000-8000-000000001020', 'alerts.manage', 'acknowledge and resolve alerts'),
	('00000000-0000-7000-8000-000000001021', 'fraud.alerts.view', 'view fraud reports and fraud alerts'),
	('00000000-0000-7000-8000-000000001022', 'fraud.cases.manage', 'work on fraud reports'),
	('00000000-0000-7000-8000-000000001023', 'system.settings.read', 'view settings'),
	('00000000-0000-7000-8000-000000001024', 'system.settings.update', 'modify settings'),
	('00000000-0000-7000-8000-000000001025', 'system.settings.export', 'export settings'),
	('00000000-0000-7000-8000-000000001026', 'system.settings.import', 'import settings'),
	('00000000-0000-7000-8000-000000001027', 'system.settings.backup', 'take snapshots of settings'),
	('00000000-0000-7000-8000-000000001028', 'system.settings.restore', 'restore snapshots of settings'),
	('00000000-0000-7000-8000-000000001029', 'system.notifications.setup', 'set up notifications and webhooks'),
	('00000000-0000-7000-8000-00000000102a', 'system.backup.manage', 'manage backups'),
	('00000000-0000-7000-8000-00000000102b', 'dashboard.read', 'view the dashboard'),
	('00000000-0000-7000-8000-00000000102c', 'audit.read', 'read the audit trail');

INSERT INTO roles (id, name, description, rank, built_in) VALUES
	('00000000-0000-7000-8000-000000002001', 'super-admin', 'every permission, manages every user', 100, true),
	('00000000-0000-7000-8000-000000002002', 'admin', 'every permission', 80, true),
	('00000000-0000-7000-8000-000000002003', 'support', 'looks up customers, redemptions and codes', 40, true),
	('00000000-0000-7000-8000-000000002004', 'batch-manager', 'verifies, redeems and reports codes at the counter', 20, true),
	('00000000-0000-7000-8000-000000002005', 'user', 'own profile only', 10, true);

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.id, p.id FROM roles r CROSS JOIN permissions p WHERE r.name IN ('super-admin', 'admin');

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.id, p.id FROM roles r JOIN permissions p ON p.key IN
	('customers.read', 'customers.search', 'redemptions.read', 'redemptions.search',
	'promo-codes.search', 'promo-codes.read')
WHERE r.name = 'support';

INSERT INTO role_permissions (role_id, permission_id)
SELECT r.id, p.id FROM roles r JOIN permissions p ON p.key IN
	('promo-codes.search', 'redemptions.create.manual', 'promo-codes.fraud.report')
WHERE r.name = 'batch-manager';

INSERT INTO auth_state (id) VALUES (1);
