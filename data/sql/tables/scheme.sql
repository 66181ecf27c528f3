-- one row per scheme version that was loaded, whole; a version is never changed
create table if not exists scheme (
    scheme_id varchar not null, version varchar not null, digest varchar not null, title varchar not null,
    source varchar not null, loaded_at timestamp not null
);
