-- one row per unit of $region and below with at least $copied evidence texts, of $evidence_length characters or more, that
--   stand word for word elsewhere in the province: how many (texts), how many units share the most common one (widest), and
--   with which units of its own region (names; who sees the one sees the other, so it may be recorded) and how many (others)
with copier as materialized (
    select copied.unit, unit.region, copied.indicator, copied.text, copied.units
    from copied_evidence as copied
    join unit
        on unit.cycle = copied.cycle
        and unit.unit = copied.unit
    join region_member as inside on inside.region = unit.region and inside.ancestor = $region
    where copied.cycle = $cycle and copied.length >= $evidence_length
),
counted as (
    select unit, region, count(*) as texts, max(units) as widest
    from copier
    group by unit, region
    having count(*) >= $copied
),
pair as (
    select own.unit, other.unit as other, count(*) as texts
    from copier as own
    join counted on counted.unit = own.unit
    join copier as other
        on other.region = own.region
        and other.indicator = own.indicator
        and other.text = own.text
        and other.unit <> own.unit
    group by own.unit, other.unit
),
placed as (
    select *, row_number() over (partition by unit order by texts desc, other) as place
    from pair
),
named as (
    select
        placed.unit, count(*) as others,
        string_agg(unit.name || '（' || placed.other || '）', '、' order by placed.place)
            filter (placed.place <= $most_named) as names
    from placed
    join unit on unit.cycle = $cycle and unit.unit = placed.other
    group by placed.unit
),
final as (
    select
        counted.unit, counted.region, counted.texts, counted.widest, coalesce(named.others, 0) as others,
        coalesce(named.names, '') as names
    from counted
    left join named on named.unit = counted.unit
)
select * from final
order by unit;
