# Seasonal naive on files of the M4 competition, worked out apart from our own code, to compare with.
#   awk -f test/operations/seasonal-naive.awk TRAIN TEST
# prints the number of series, sMAPE and MASE with a season of 24.
BEGIN { FS = ","; season = 24 }
FNR == 1 { file++; next }
{
  gsub(/"/, "")
  count = 0
  for (i = 2; i <= NF; i++) if ($i != "" && $i != "NA") value[++count] = $i + 0
}
file == 1 {
  scale = 0
  for (i = season + 1; i <= count; i++) scale += abs(value[i] - value[i - season])
  scales[$1] = scale / (count - season)
  for (i = 1; i <= season; i++) last[$1, i] = value[count - season + i]
}
file == 2 {
  percent = 0
  error = 0
  for (i = 1; i <= count; i++) {
    made = last[$1, (i - 1) % season + 1]
    missed = abs(value[i] - made)
    if (missed > 0) percent += 200 * missed / (abs(value[i]) + abs(made))
    error += missed
  }
  smape += percent / count
  mase += error / count / scales[$1]
  series++
}
END { printf "%d %.10f %.10f\n", series, smape / series, mase / series }
function abs(x) { return x < 0 ? -x : x }
