wrk.method = "POST"
wrk.path = "/api/Sales"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"name":"Lamp","sku":"L-100","price":19.5,"stock":7,"tags":["home","light"],"released":"2015-06-01T10:00:00.000Z"}'
