// What `GET /` costs with nothing but node:http.
import { createServer } from 'node:http';

const body = 'Hello, Kubernetes with KEDA!';
createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'content-length': body.length });
  response.end(body);
}).listen(Number(process.env.PORT), '127.0.0.1');
