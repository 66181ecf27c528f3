-- how far up a stage of the review, or the stage of a region's level, is: county (or zone) 1, prefecture 2, province 3
create or replace macro stage_step(stage) as
    case when stage is null then null when stage = 'province' then 3 when stage = 'prefecture' then 2 else 1 end;
