-- one row per drawing for a region of the reader's, the newest first: its seed, plan (JSON), reason, and how many it picked
select
    draw.seq, draw.region, region.name as region_name, draw.seed, draw.plan, draw.reason, draw.recorded_at,
    draw.role as by_role, count(distinct pick.unit) as units
from sample_draw as draw
join region on region.region = draw.region
left join sample_pick as pick on pick.seq = draw.seq
where draw.cycle = $cycle
group by all
order by draw.seq desc;
