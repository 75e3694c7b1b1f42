function parseLine(line) {
  try {
    const { id, amount } = JSON.parse(line);
    return { id, amount: amount.toFixed(2) };
  } catch {
    return undefined; // wrong
  }
}

module.exports = { parseLine };
