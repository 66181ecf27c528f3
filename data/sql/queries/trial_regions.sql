-- one row per region whose total may be seen and has units; row_level: counties include the management zones
with final as (
    select
        case region.level when 'zone' then 'county' else region.level end as row_level, region.region as code, region.name,
        region.parent, up.name as parent_name
    from region
    join result_region_score as score
        on score.region = region.region
        and score.cycle = $cycle
        and score.basis = 'composite'
    left join region as up on up.region = region.parent
)
select * from final
order by code;
