-- rounds half up to the scheme's decimals; nine decimals first, to take off binary noise (59.99499999… reads 59.995)
create or replace macro round_half_up(value, digits) as
    cast(
        floor(cast(value as decimal(18, 9)) * cast(power(10, digits) as integer) + cast(0.5 as decimal(2, 1))) as double
    ) / power(10, digits);
