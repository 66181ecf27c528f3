-- one row per system in which an indicator has a share, two systems to a pair
with numbered as (
    select system, row_number() over (order by system) - 1 as number
    from (select distinct system from weighed)
)
select system, (number // 2)::tinyint as pair, number % 2 = 1 as is_second
from numbered;
