const { Bus } = require('./bus.js');

function shop() {
  const bus = new Bus();
  const stock = { tea: 3 };
  const log = [];
  bus.on('order', ({ name, count }) => {
    stock[name] -= count;
  });
  bus.on('order', ({ name }) => log.push(name));
  return { bus, stock, log };
}

module.exports = { shop };
