const { save, load } = require('./store.js');

async function deposit(id, amount) {
  const account = (await load(id)) ?? { balance: 0 };
  await save(id, { balance: account.balance + amount });
}

async function balanceOf(id) {
  const account = load(id); // wrong
  return account.balance;
}

module.exports = { deposit, balanceOf };
