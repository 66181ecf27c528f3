-- one row per closing or reopening of a stage in $region and below, the newest first
select
    event.recorded_at, event.region as code, region.name, event.stage, event.state, event.role as by_role, event.reason
from stage_event as event
join region on region.region = event.region
join region_member as inside on inside.region = event.region and inside.ancestor = $region
where event.cycle = $cycle
order by event.seq desc;
