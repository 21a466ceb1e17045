-- The questions of bench/serve.py, asked by wrk. Its arguments: a file of targets, one a line, and how many milliseconds
-- each connection rests between an answer and its next question.
local targets, at, pause = {}, 0, 0

function init(arguments)
    for target in io.lines(arguments[1]) do
        targets[#targets + 1] = target
    end
    pause = tonumber(arguments[2])
    at = math.random(#targets)
end

function delay()
    return pause
end

function request()
    at = at % #targets + 1
    return wrk.format("GET", "/api/v1/" .. targets[at], { ["Accept-Encoding"] = "gzip" })
end
