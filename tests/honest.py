"""Honest reports of every kind, seeded: evaluations as people fill them in, with what makes pages break differently."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from random import Random

from evaluations import make_evaluation

LAYOUTS = ("national", "sichuan", "hubei", "transfer")
LEVELS = (
    ("产出指标", "数量指标"),
    ("产出指标", "质量指标"),
    ("产出指标", "时效指标"),
    ("产出指标", "成本指标"),
    ("效益指标", "社会效益指标"),
    ("效益指标", "经济效益指标"),
    ("效益指标", "可持续影响指标"),
    ("满意度指标", "服务对象满意度指标"),
)
VALUES = (
    ("≥20公里", "20公里"),
    ("≥95%", "96.8%"),
    ("≤10%", "12%"),
    ("12月底前", "2021年12月20日"),
    ("≤80万元", "76.5万元"),
    ("定性", "达成"),
    ("≥100人次", "180人次"),
    ("≥100人次", ""),
    ("提升", "部分达成"),
    ("=5台", "5台"),
    ("≥95%", "没有完成"),
)
PHRASES = (
    "受汛期影响停工45天",
    "设备采购由公开招标改为竞争性磋商",
    "部分乡镇人员变动",
    "已于次年一季度补齐",
    "测算口径偏宽",
    "第三方满意度调查回收率95.3%",
    "“一卡通”系统切换",
    "A级景区3处",
    "与省厅对接后调整（见川财〔2021〕12号）",
)
RARE = (
    "㎡",
    "𠮷野家",
    "葛\U000e0100城",
    "བོད་ཡིག",
    "ᠮᠣᠩᠭᠣᠯ",
    "ꆈꌠꉙ",
    "\ue000号",
    "第一\u2028第二",
    "𬭎",
    "①②⑪",
    "㐂",
    "é à ü",
    "№5",
    "½",
    "²³",
    "“”‘’",
    "Ⅲ类",
    "2‰",
    "℃",
    "·",
    "—–-",
    "①➀",
    "⺠族",
    "塚塚",
)
MARKDOWN = """# 报告

开头一段，没有标题。

## 一、项目概况

本项目**维修**道路20公里，惠及 `3` 个乡镇，见[公告](https://example.org/a)。

1. 第一项
2. 第二项

   - 小项甲
   - 小项乙

| 路段 | 里程 |
|---|---|
| 甲段 | 12公里 |
| 乙段 | 8公里 |

> 引用一句。

## 六、偏差原因分析及存在问题

{long}

### 其他

- 资金到位晚；
- 人员不足。

## 自加的标题

见附件。![现场](不存在.png)
"""


PICTURES = {"a.png": "RGB", "b.png": "RGBA", "c.jpg": "RGB"}
"""Photographs beside a narrative: how they are coloured."""

NARRATIVES = {
    "struck": "前 ~~删去的话~~ 后，~~" + "长长的删去的话一直写到下一行去才算完，" * 4 + "~~。\n",
    "struck inside others": """\
**粗~~删~~**、*~~斜删~~*、~~`码`~~

| 甲 | 乙 |
|---|---|
| ~~1~~ | 2 |

- ~~项~~
""",
    "lists": """\
3. 三
4. 四

0. 零

1) 括号

- a
  1. b
     1. c
- d

1.
2. 二
""",
    "a long list": "".join(f"{at}. 第{at}项，" + "内容很长" * 18 + "\n" for at in range(1, 60)),
    "a list of paragraphs": "".join(f"{at}. 第{at}项\n\n   又一段\n\n" for at in range(1, 30)),
    "pictures": """\
![](a.png)

![a **b** "引" \\ <x>](b.png)

- ![在列表](a.png)

> ![在引用](c.jpg)

| 甲 | 乙 |
|---|---|
| ![格](a.png) | 2 |

[![连](a.png)](https://a.b)

![各部分得分](a.png)
""",
    "pictures in a table": """\
| 整改前 | 整改后 | 说明 |
|---|---|---|
| ![前](a.png) | ![后](b.png) | 已换新，长长的说明长长的说明长长的说明长长的说明 |
| 文字 ![中](a.png) 文字 | ![没](z.png) | x |
| 长长的说明长长的说明长长的说明长长的说明长长的说明 | | ![后](b.png) |
""",
    "a long table of pictures": "| 整改前 | ![图](a.png) | 说明 |\n|---|---|---|\n"
    + "".join(f"| ![前{at}](a.png) | 字 ![后{at}](b.png) | 第{at}处，{'说明很长' * (at % 7)} |\n" for at in range(24)),
    "pictures called strangely": "![葛\U000e0100城 བོད་ཡིག 𠮷 \ue000](a.png)\n\n![ 前后 ](b.png) ![é“‘](c.jpg) བོད་ཡིག\n\n"
    "![很长" + "说明" * 80 + "](a.png)\n",
    "pictures called the same": """\
![同](a.png)![同](a.png)

![同](a.png) 字 ![缺](z.png)
""",
    "odd lists": """\
1.
2. 二

字

1. - a
   - b
2. ```
   x
   ```
3. ![图](a.png)
4. # 题
5. > 引
""",
    "headings": """\
# 大

### 甲

#### 乙

##### 丙

###### 丁

字

---

字

Setext
===

二
---
""",
    "code": """\
```py
a = 1

  b = 2
```

    缩进 的码

`a  b` ``a`b``

<b>html</b>

<div>块</div>

&amp; &lt; &copy; \\* 换行\x20\x20
下行\\
又行
""",
    "quotations": """\
> 引
>
> > 二层
>
> 1. 列

> - a
>   - b
>     - c
>       - d
""",
    "tables": "| 左 | 中 | 右 |\n|:--|:-:|--:|\n"
    + "".join(f"| 行{at} | {at} | **{at * 3}** |\n" for at in range(70))
    + "\n| 独 |\n|---|\n\n| a | b |\n|---|---|\n| | |\n| 1 | |\n",
    "links": '<https://a.b/c?d=e&f=%20g> [x](https://中文.cn/路 "标题") [~~删~~](https://a.b) [y](#z)\n\n'
    "[m](mailto:a@b.c)\n\n[" + "跨行" * 22 + "](https://e.f)\n",
}
"""What a narrative may be made of."""


def photograph(name: str) -> bytes:
    """A picture in the format that its name says."""
    from PIL import Image

    out = BytesIO()
    Image.new(PICTURES[name], (90, 60), 120).save(out, Image.registered_extensions()[Path(name).suffix])
    return out.getvalue()


def text(random: Random, most: int) -> str:
    """Some sentences."""
    return "，".join(random.choice(PHRASES) for _ in range(random.randint(1, most))) + "。"


def evaluation(folder: Path, seed: object) -> tuple[Path, dict[str, bool]]:
    """An evaluation of one project, and what it is built with."""
    random = Random(f"honest {seed}")
    layout = random.choice(LAYOUTS)
    demo = random.random() < 0.3
    unit = "甲县财政局" + random.choice(["", "国库支付中心（预算编审中心）"])
    toml = f"""[evaluation]
year = {random.choice([2020, 2021, 2023])}
unit = "{unit}"
demo = {str(demo).lower()}
[report]
layout = "{layout}"
"""
    toml += random.choice(["", 'preparer = "张三"\nunit_head = "李四"\ndate = "2022-01-20"\n'])
    rare = random.random() < 0.35
    count = random.choice([1, 2, 3, 5, 8, 13, 21, 34, 50])
    long = random.choice([1, 1, 3, 30])
    targets, actuals, review = [], [], []
    for at in range(count):
        first, second = LEVELS[at * len(LEVELS) // count] if count > 3 else random.choice(LEVELS)
        wanted, reached = random.choice(VALUES)
        name = f"{random.choice(['维修里程', '通行提速率', '设备完好率', '群众满意度', '培训人次'])}{at}" + (
            random.choice(RARE) if rare else ""
        )
        row = {"一级指标": first, "二级指标": second, "三级指标": name, "指标值": wanted}
        if random.random() < 0.05:
            row |= {"调整后指标值": "≥90%", "调整依据": "川财〔2021〕3号"}
        if random.random() < 0.05:
            row |= {"检查豁免": "V024：原表如此；E003：无需佐证；C010：原表如此"}
        targets.append(row)
        key = {"二级指标": second, "三级指标": name}
        reason = text(random, random.choice([1, 2, long])) if random.random() < 0.5 else ""
        evidence = random.choice(["", "", "问卷.xlsx", "问卷.xlsx；验收单.pdf；会议纪要", "现场照片", "没有的.pdf"])
        extra = {"自评得分": "1"} if random.random() < 0.05 else {}
        actuals.append(key | {"实际完成值": reached, "偏差原因分析及改进措施": reason, "佐证材料": evidence, **extra})
        if random.random() < 0.5:
            review.append(key | {"复核完成值": reached or "20", "复核意见": text(random, 2), "复核人": "王五"})
    heads = {name for row in (*targets, *actuals) for name in row}
    targets = [
        {name: row.get(name, "") for name in heads & {*row} | {"调整后指标值", "调整依据", "检查豁免"}} | row
        for row in targets
    ]
    actuals = [row | {"自评得分": row.get("自评得分", "")} for row in actuals]
    project = {
        "项目编号": "P01",
        "项目名称": random.choice(["道路维修", "住房公积金信息系统扩建(一期)及一体化政务服务平台互联互通改造项目"])
        + (random.choice(RARE) if rare else ""),
        "主管部门": random.choice(["", "甲县交通运输局"]),
        "实施单位": random.choice(["", "甲县公路养护中心"]),
        "开始日期": "2021-01-01",
        "结束日期": "2021-12-31",
        "项目概况": text(random, long),
        "年度总体目标": text(random, long),
        "总体目标完成情况": text(random, random.choice([1, long])),
        "项目负责人": "赵六",
    }
    budget = [
        {
            "资金来源": "财政拨款",
            "年初预算数": "100",
            "全年预算数": "90.5",
            "全年执行数": random.choice(["88.4", "60", "90.5"]),
            "原因说明": random.choice(["", text(random, 2)]),
        },
        {"资金来源": "其他资金", "年初预算数": "0", "全年预算数": "12", "全年执行数": "12", "原因说明": ""},
    ][: random.choice([1, 2])]
    made = make_evaluation(
        folder, targets, actuals, budget, [project], toml, review if review and random.random() < 0.35 else None
    )
    (made / "evidence").mkdir()
    (made / "evidence" / "问卷.xlsx").write_bytes(b"x" * random.randint(1, 5000))
    (made / "evidence" / "验收单.pdf").write_bytes(b"%PDF")
    if random.random() < 0.4:
        (made / "narrative").mkdir()
        words = MARKDOWN.replace("{long}", text(random, long)) + (random.choice(RARE) if rare else "")
        (made / "narrative" / "P01.md").write_text(words, encoding="utf-8")
    options = {"draft": random.random() < 0.25}
    if (written := made / "narrative" / "P01.md").is_file():
        for name in PICTURES:
            (made / "narrative" / name).write_bytes(photograph(name))
        written.write_text(f"{written.read_text('utf-8')}\n\n{random.choice([*NARRATIVES.values()])}", "utf-8")
    return made, options
