-- one row per finding, veto or commendation (or of one unit, or one key), revoked ones too; state: null where
-- an older program recorded it; factor: what the scheme's points were multiplied by
with newest as (
    select *
    from finding_event
    where cycle = $cycle and (seq <= coalesce(getvariable('as_of'), 9223372036854775807)
            or cycle <> getvariable('publication_cycle'))
    qualify row_number() over (partition by key order by seq desc) = 1
),
final as (
    select
        newest.key, newest.unit, unit.name as unit_name, unit.region, region.name as region_name,
        region.path as region_path, unit.category, category.name as category_name, newest.finding,
        cycle_finding.name as finding_name, cycle_finding.place, cycle_finding.kind, cycle_finding.points,
        newest.state, newest.is_confirmed, newest.is_overdue, newest.is_aggravated, newest.on_date, newest.document,
        newest.deadline, newest.ordered, newest.addressee, newest.note, newest.step_on, newest.step_document,
        newest.indicator, indicator.title as indicator_title,
        case
            when cycle_finding.kind = 'deduction' then
                case when newest.is_overdue then cycle_rule.overdue_factor else 1 end
                * case when newest.is_aggravated then cycle_rule.aggravation_factor else 1 end
        end as factor
    from newest
    join unit
        on unit.cycle = newest.cycle
        and unit.unit = newest.unit
    join region on region.region = unit.region
    join cycle_finding
        on cycle_finding.cycle = newest.cycle
        and cycle_finding.finding = newest.finding
    join cycle_rule on cycle_rule.cycle = newest.cycle
    left join cycle_category as category
        on category.cycle = newest.cycle
        and category.category = unit.category
    left join cycle_indicator as indicator
        on indicator.cycle = newest.cycle
        and indicator.indicator = newest.indicator
    where ($unit is null or newest.unit = $unit)
        and ($key is null or newest.key = $key)
)
select * from final
order by on_date desc, key;
