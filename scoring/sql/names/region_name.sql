-- one row per region
select region from region order by region
