-- the value of an answer or a ruling in words, as the workbook would have it: 是, 3/4, 85%, 2026-04-15, 12; 不适用
create or replace macro said_value(type, state, choice, number, numerator, denominator, on_date) as
    case
        when state = 'na' then '不适用'
        when choice is not null then choice
        when on_date is not null then strftime(on_date, '%Y-%m-%d')
        when numerator is not null then printf('%.10g/%.10g', numerator, denominator)
        when type = 'ratio' then printf('%.10g%%', number * 100)
        when number is not null then printf('%.10g', number)
    end;
