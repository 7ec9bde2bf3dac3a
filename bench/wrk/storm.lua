-- Step one of the login for one of ten thousand accounts.
local thread_seed = 11
setup = function(thread) thread:set("seed", thread_seed); thread_seed = thread_seed + 1 end
init = function() math.randomseed(seed) end
request = function()
  local body = '{"email":"user' .. math.random(1, 10000) .. '@storm.test","password":"correct horse battery"}'
  return wrk.format("POST", "/api/Employees/requestCode", {["Content-Type"] = "application/json"}, body)
end
local counts = {}
