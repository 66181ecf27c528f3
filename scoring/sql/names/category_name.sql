-- one row per category of any scheme
select distinct category from scheme_category order by category
