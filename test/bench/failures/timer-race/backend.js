const delays = { a: 30, ab: 10 };

function query(text) {
  return new Promise((resolve) => {
    setTimeout(() => resolve(`results of ${text}`), delays[text] ?? 1);
  });
}

module.exports = { query };
