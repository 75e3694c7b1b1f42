export const fine = 1;
const t = {
  get x() {
    return fine / missing;
  },
};
export default t.x;
