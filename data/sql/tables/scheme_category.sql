-- one row per scheme version and category of units, with its weight in a region's score
create table if not exists scheme_category (
    scheme_id varchar not null, version varchar not null, category varchar not null, position integer not null,
    name varchar not null, weight double not null
);
