-- one row per cycle and unit whose workbook cannot be replaced now, and why: ruled (it has a ruling), closed (the first
-- stage of its region is closed); none for a workbook that was sent back
create or replace view held_sheet as
with first_stage as (
    select
        unit.cycle, unit.unit, unit.region,
        case region.level when 'province' then 'province' when 'prefecture' then 'prefecture' else 'county' end as stage
    from unit
    join region on region.region = unit.region
),
final as (
    select
        first_stage.cycle, first_stage.unit,
        case when sheet.state = 'reviewing' then 'ruled' else 'closed' end as reason
    from first_stage
    left join sheet_state as sheet
        on sheet.cycle = first_stage.cycle
        and sheet.unit = first_stage.unit
    left join current_stage as stage
        on stage.cycle = first_stage.cycle
        and stage.region = first_stage.region
        and stage.stage = first_stage.stage
    where coalesce(sheet.state, 'missing') <> 'returned'
        and (sheet.state = 'reviewing' or stage.state = 'closed')
)
select * from final;
