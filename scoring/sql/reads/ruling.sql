-- one row per ruling of the workbooks between two: the position of its indicator (−1: none of the scheme's) and x, nan for 不适用
select
    submission, (coalesce(list_position($indicators, indicator), 0) - 1)::smallint as indicator,
    coalesce(x, 'nan'::double) as x
from ruled
where submission between $first and $last;
