// What an app in TypeScript does with the client that is generated beside this file; every type below is checked.
import {Api, type AccessToken, type Product} from './client';

interface Token extends AccessToken {
  id: string;
}

// The generator loses the media type of bodies that several calls share, as LoopBack's document has them too.
const clientOf = (baseUrl: string) =>
  new Api<Token>({
    baseUrl,
    baseApiParams: {headers: {'Content-Type': 'application/json'}},
    securityWorker: token => (token ? {headers: {Authorization: token.id}} : {}),
  });

/** Buys something; resolves with what the test looks at. */
export async function shop(baseUrl: string) {
  const {calc, products} = clientOf(baseUrl);
  const saw: Product = (await products.productCreate({name: 'saw', price: 30, tags: ['steel'], where: {lat: 1, lng: 2}})).data;
  const id = String(saw.id);
  const patched: Product = (await products.productPrototypePatchAttributes(id, {name: 'fine saw'})).data;
  await products.productPrototypeCreateReviews(id, {stars: 5});
  const reviews = (await products.productPrototypeGetReviews(id)).data.map(({stars}) => stars);
  const found: Product[] = (await products.productFind({filter: JSON.stringify({where: {price: {gt: 10}}})})).data;
  const count: number | undefined = (await products.productCount()).data.count;
  await products.productDeleteById(id);
  const gone: number = await products.productFindById(id).then(() => 200, (response: {status: number}) => response.status);
  const sum: number | undefined = (await calc.calcAdd({a: 2, b: 3})).data.sum;
  return {saw, patched, reviews, found, count, gone, sum};
}

/** Logs in; resolves with the code of an order and a memo's shout, which nobody else may read. */
export async function work(baseUrl: string) {
  const client = clientOf(baseUrl);
  const {customers, memos, orders} = client;
  // Hidden properties, passwords among them, are in no document: as in LoopBack, one adds them to what the type tells.
  const ann = (await customers.customerCreate(Object.assign({email: 'ann@company.test'}, {password: 'a good password'}))).data;
  const token = (await customers.customerLogin({email: ann.email, password: 'a good password'})).data as Token;
  const refused: number = await orders.orderCreate({code: 'A1'}).then(() => 200, (response: {status: number}) => response.status);
  client.setSecurityData(token);
  const secure = {secure: true};
  const order = (await customers.customerPrototypeCreateOrders(String(ann.id), {code: 'A1'}, secure)).data;
  const memo = (await memos.memoCreate({text: 'hello', ownerId: ann.id}, secure)).data;
  const shout: string | undefined = (await memos.memoPrototypeShout(String(memo.id), secure)).data.text;
  await customers.customerLogout(secure);
  const after: number = await orders.orderFindById(String(order.id), {}, secure).then(() => 200, (response: {status: number}) => response.status);
  return {refused, code: order.code, shout, after};
}
