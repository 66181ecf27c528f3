-- one row per scheme version and grade; position 0 is the best; ceiling_*: the largest share of
-- the units of a category, of counties, of prefectures that may have it
create table if not exists scheme_grade (
    scheme_id varchar not null, version varchar not null, grade varchar not null, position integer not null,
    name varchar not null, min_score double not null,
    ceiling_unit double, ceiling_county double, ceiling_prefecture double
);
