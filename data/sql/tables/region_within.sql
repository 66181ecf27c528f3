-- one row per region and region that it lies in, itself included
create table if not exists region_within (
    region varchar not null, ancestor varchar not null
);
