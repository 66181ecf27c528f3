-- one row per unit of $region and below and rule of the scheme whose two conditions its own answers meet together, with both
-- answers as typed and the cells they stand in; a blank answer meets no condition
with measured as (
    select
        unit.unit, answer.indicator, answer.text, answer.sheet, answer.cell, answer.state = 'na' as is_na,
        case
            when answer.state = 'na' then null
            when asked.type = 'date' then (answer.on_date is not null)::double
            when answer.choice is not null then choice.value
            else coalesce(answer.number, answer.numerator / nullif(answer.denominator, 0))
        end as value
    from current_submission as submission
    join unit
        on unit.cycle = submission.cycle
        and unit.unit = submission.unit
    join region_member as inside on inside.region = unit.region and inside.ancestor = $region
    join answer on answer.submission = submission.submission
    join cycle_indicator as asked
        on asked.cycle = submission.cycle
        and asked.indicator = answer.indicator
    left join cycle_choice as choice
        on choice.cycle = submission.cycle
        and choice.indicator = answer.indicator
        and choice.choice = answer.choice
    where submission.cycle = $cycle
        and answer.indicator in (select indicator from cycle_unlikely where cycle_unlikely.cycle = $cycle)
),
met as (
    select measured.unit, rule.rule, rule.position, rule.side, measured.indicator, measured.text, measured.sheet, measured.cell
    from cycle_unlikely as rule
    join measured on measured.indicator = rule.indicator
    where rule.cycle = $cycle
        and case
            when rule.is_na then measured.is_na
            else not measured.is_na
                and measured.value is not null
                and (rule.at_least is null or measured.value >= rule.at_least)
                and (rule.above is null or measured.value > rule.above)
                and (rule.at_most is null or measured.value <= rule.at_most)
        end
),
final as (
    select
        first.unit as code, unit.name, unit.region, region.name as region_name, unit.category,
        category.name as category_name, first.rule, first.position,
        first.indicator as first_indicator, first.text as first_answer, first.sheet as first_sheet,
        first.cell as first_cell, second.indicator as second_indicator, second.text as second_answer,
        second.sheet as second_sheet, second.cell as second_cell
    from met as first
    join met as second
        on second.unit = first.unit
        and second.rule = first.rule
        and second.side = 'second'
    join unit on unit.cycle = $cycle and unit.unit = first.unit
    join region on region.region = unit.region
    join cycle_category as category on category.cycle = $cycle and category.category = unit.category
    where first.side = 'first'
)
select * from final
order by position, region, code;
