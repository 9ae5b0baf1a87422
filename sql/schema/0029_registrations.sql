-- One registration at a time waits for an address and for a number.
CREATE UNIQUE INDEX registrations_email_waiting_key ON registrations (email)
	WHERE status = 'pending';
CREATE UNIQUE INDEX registrations_phone_number_waiting_key ON registrations (phone_number)
	WHERE status = 'pending';
