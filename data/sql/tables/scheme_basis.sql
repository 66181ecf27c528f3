-- one row per scheme version, basis and system that counts in it: composite holds all, each system alone only itself
create table if not exists scheme_basis (
    scheme_id varchar not null, version varchar not null, basis varchar not null, system varchar not null,
    weight double not null
);
