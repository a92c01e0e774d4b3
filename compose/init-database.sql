-- Run once by the Postgres image, as its superuser. The control plane logs in as somebody who owns its database, may make
-- the roles it works under, and is no superuser: those are above row-level security.
\set password `cat /run/secrets/database_password`
CREATE ROLE mantle LOGIN CREATEROLE PASSWORD :'password';
CREATE DATABASE mantle OWNER mantle;
REVOKE ALL ON DATABASE mantle FROM PUBLIC;
