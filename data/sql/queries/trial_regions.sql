-- one row per region of the level (counties include the management zones) whose total may be seen and has units
with final as (
    select region.region as code, region.name, region.parent, up.name as parent_name
    from region
    join result_region_score as score
        on score.region = region.region
        and score.cycle = $cycle
        and score.basis = 'composite'
    left join region as up on up.region = region.parent
    where ($region is null or region.region = $region)
        and ($level is null or case region.level when 'zone' then 'county' else region.level end = $level)
        and ($parent is null or region.parent = $parent)
)
select * from final
order by code;
