-- What wrk sends, and what it says about each answer. load/wrk.py runs it, with as many threads as connections: then
-- a thread has one connection, and an answer is that of the request before it.
--
-- LOAD_CASES names a Lua file with the cases, LOAD_SEED is a number, LOAD_OUTPUT names the file for what came out.

local ffi = require("ffi")
ffi.cdef [[ typedef struct { long seconds; long nanoseconds; } load_time; int clock_gettime(int clock, load_time *now); ]]
local REALTIME = 0
local TRIES = 100 -- wrong answers that are kept whole, for each thread

local time = ffi.new("load_time")

local function milliseconds()
   ffi.C.clock_gettime(REALTIME, time)
   return tonumber(time.seconds) * 1000 + tonumber(time.nanoseconds) / 1e6
end

local threads = {}

function setup(thread)
   table.insert(threads, thread)
   thread:set("number", #threads)
end

function init()
   math.randomseed(tonumber(os.getenv("LOAD_SEED")) * 1000 + number)
   cases = dofile(os.getenv("LOAD_CASES"))
   picks = {}
   for index, case in ipairs(cases) do
      for _ = 1, case.weight do table.insert(picks, index) end
   end
   records, wrong = {}, {}
end

-- `text` with the request's own number in it; in a replacement of gsub, only "%" would be special.
local function numbered(text)
   return (text:gsub("{n}", unique))
end

function request()
   chosen = picks[math.random(#picks)]
   unique = string.format("%010d", math.random(0, 9999999999))
   local bytes = numbered(cases[chosen].request)
   sent = milliseconds()
   return bytes
end

local UNCOMPARED = {
   ["connection"] = true, ["content-length"] = true, ["date"] = true, ["server"] = true, ["transfer-encoding"] = true,
}

-- As Answer.text in load/answers.py.
local function canonical(status, headers, body)
   local lines = {}
   for name, value in pairs(headers) do
      local lower = name:lower()
      if not UNCOMPARED[lower] then table.insert(lines, lower .. ": " .. value) end
   end
   table.sort(lines)
   table.insert(lines, 1, tostring(status))
   table.insert(lines, "")
   table.insert(lines, body)
   return table.concat(lines, "\n")
end

function response(status, headers, body)
   local received = milliseconds()
   local case = cases[chosen]
   local got = canonical(status, headers, body)
   local outcome = "wrong"
   if case.allowed and got == numbered(case.allowed) then
      outcome = "allowed"
   elseif case.refused and got == numbered(case.refused) then
      outcome = "refused"
   elseif #wrong < TRIES then
      table.insert(wrong, { case = chosen, unique = unique, got = got })
   end
   table.insert(records, string.format("%d %s %.3f %.3f", chosen, outcome, sent, received))
end

local function quoted(text)
   return '"' .. text:gsub('[%c"\\\128-\255]', function(byte) return string.format("\\u%04x", byte:byte()) end) .. '"'
end

function done(summary, latency, requests)
   local file = assert(io.open(os.getenv("LOAD_OUTPUT"), "w"))
   local errors = summary.errors
   file:write(string.format(
      '{"requests": %d, "microseconds": %d, "connect": %d, "read": %d, "write": %d, "timeout": %d, "status": %d',
      summary.requests, summary.duration, errors.connect, errors.read, errors.write, errors.timeout, errors.status))
   local lines, kept = {}, {}
   for _, thread in ipairs(threads) do
      for _, line in ipairs(thread:get("records")) do table.insert(lines, '"' .. line .. '"') end
      for _, each in ipairs(thread:get("wrong")) do
         table.insert(kept, string.format(
            '{"case": %d, "unique": %s, "got": %s}', each.case, quoted(each.unique), quoted(each.got)))
      end
   end
   file:write(', "wrong": [', table.concat(kept, ", "), '], "records": [', table.concat(lines, ",\n"), "]}\n")
   file:close()
end
