-- In an embedded server the daemon connects as this role itself.
ALTER ROLE promo_app LOGIN
