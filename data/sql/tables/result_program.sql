-- one row: digest of the SQL and the regions that the kept results follow from
create table if not exists result_program (digest varchar not null);
