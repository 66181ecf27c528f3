-- the value held between two bounds; null stays null (least and greatest pass over nulls)
create or replace macro clip_between(value, lowest, highest) as
    case when value is not null then greatest(lowest, least(value, highest)) end;
