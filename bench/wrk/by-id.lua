-- GETs one of the first hundred products; the seed is fixed, so that both servers get the same ids.
math.randomseed(7)
request = function() return wrk.format("GET", "/api/Products/" .. math.random(1, 100)) end
