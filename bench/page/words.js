// SPDX-License-Identifier: Apache-2.0
// Every word of the page, in both languages.
const words = {
  en: {
    title: "Tuning: which alerts are right", other: "日本語", threshold: "Threshold",
    alertFrom: "Alert from probability", priceMiss: "Price of a miss", priceAlarm: "Price of a false alarm",
    leastCost: "Least cost", allThresholds: "All thresholds as a table", reliability: "Do probabilities hold?",
    alarms: "Worst false alarms", misses: "Worst misses", weights: "Weights",
    alarmsNote: "Pairs that are no duplicates and would be alerted; the surest first.",
    missesNote: "Duplicates that would not be alerted; the least sure first.",
    weightsNote: "Bits for (+) or against (-) a duplicate, before and after, and how many pairs showed the level.",
    footer: "Made by kaburi-bench tune. This page loads nothing and sends nothing.",
    precision: "Precision", recall: "Recall", f1: "F1", hits: "Hits", falseAlarms: "False alarms", missed: "Misses",
    cost: "Cost", creates: "Alerts per 100 creates", thresholdAxis: "threshold",
    ratesTitle: "Precision, recall and F1 by threshold", ratesNote: "Shaded: 95 % interval (bootstrap).",
    costTitle: "Cost by threshold", reliabilityTitle: "Probability told and share of duplicates found",
    told: "probability told", found: "share of duplicates", pairs: "pairs", bin: "probability",
    error: (before, after) => `Expected calibration error ${after}; with the model before ${before}.`,
    summary: (m) => `${m.pairs} pairs, ${m.labelled} labelled, ${m.duplicates} duplicates, ${m.groups} groups. ` +
      (m.unlabelled ? `Learnt without labels in ${m.rounds} rounds.`
        : `Learnt by labels; every figure is of pairs not learnt from (${m.folds} folds).`),
    line: "line", none: "None.", field: "field", level: "level", before: "before", after: "after", sum: "sum",
    same: "same customer", duplicates: "duplicates", others: "others", weight: "bits",
    labels: {duplicate: "duplicate", renewal: "renewal", parallel: "parallel", group: "group", homonym: "homonym",
             unrelated: "unrelated", different: "different"},
  },
  ja: {
    title: "調整結果: どの警告が正しいか", other: "English", threshold: "しきい値",
    alertFrom: "警告を出す確率", priceMiss: "見逃し1件の費用", priceAlarm: "誤警告1件の費用",
    leastCost: "費用最小", allThresholds: "すべてのしきい値(表)", reliability: "確率は当たっているか",
    alarms: "ひどい誤警告", misses: "ひどい見逃し", weights: "重み",
    alarmsNote: "重複ではないのに警告される組。確率の高い順。",
    missesNote: "重複なのに警告されない組。確率の低い順。",
    weightsNote: "重複を支持する(+)、否定する(-)ビット数。調整前と調整後、その水準を示した組の数。",
    footer: "kaburi-bench tune が作成。このページは何も読み込まず、何も送信しません。",
    precision: "適合率", recall: "再現率", f1: "F1", hits: "正しい警告", falseAlarms: "誤警告", missed: "見逃し",
    cost: "費用", creates: "新規登録100件あたりの警告", thresholdAxis: "しきい値",
    ratesTitle: "しきい値ごとの適合率・再現率・F1", ratesNote: "帯: 95 %信頼区間(ブートストラップ)。",
    costTitle: "しきい値ごとの費用", reliabilityTitle: "示した確率と実際の重複の割合",
    told: "示した確率", found: "重複の割合", pairs: "組数", bin: "確率",
    error: (before, after) => `期待較正誤差 ${after} (調整前のモデル ${before})。`,
    summary: (m) => `${m.pairs} 組、うちラベル付き ${m.labelled} 組、重複 ${m.duplicates} 組、グループ ${m.groups}。` +
      (m.unlabelled ? `ラベルなしで学習(${m.rounds} 回反復)。` : `ラベルから学習。数値はすべて学習に使っていない組のもの(${m.folds} 分割)。`),
    line: "行", none: "なし。", field: "項目", level: "水準", before: "調整前", after: "調整後", sum: "合計",
    same: "同じ顧客", duplicates: "重複", others: "その他", weight: "ビット",
    labels: {duplicate: "重複", renewal: "更新・継続", parallel: "並行案件", group: "グループ会社", homonym: "同名他社",
             unrelated: "無関係", different: "重複でない"},
  },
};
