-- one row per problem of one file, in the order of its places
select severity, sheet, cell, message, fix, code
from problem
where receipt = $receipt
order by position;
