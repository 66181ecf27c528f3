-- one row per region, each after the one it belongs to
select region as code, name, level, parent, path
from region
order by case level when 'province' then 0 when 'prefecture' then 1 else 2 end, region;
