// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/control/catalogue_view.h"
#include "tests/gui/window/panel_parts.h"
#include "ui/panels/number_box.h"
#include "ui/panels/param_form.h"
#include "ui/panels/paths_box.h"

#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTest>

namespace poolscope {

class TestParamForm : public QObject
{
    Q_OBJECT

private slots:
    void formHoldsTheValuesOfEveryWorkload_data();
    void formHoldsTheValuesOfEveryWorkload();
    void formSaysWhatIsWrongBesideTheField();
    void formLeavesOutValuesOfTheWrongType();
    void emptyFieldShowsAnExample();
    void numberBoxTakesWholeNumbersOf64Bits();
    void numberBoxStepsStayInTheBounds();
    void pathsBoxKeepsEachPathOnce();
};

namespace {

std::vector<ParamSpec> numberSpecs()
{
    ParamSpec count;
    count.id = "count";
    count.label = "Count";
    count.defaultValue = std::int64_t{10};
    count.minimum = 1;
    count.maximum = 100;
    ParamSpec factor;
    factor.id = "factor";
    factor.label = "Factor";
    factor.kind = ParamKind::Real;
    factor.defaultValue = 1.5;
    factor.minimum = 0.5;
    factor.maximum = 2;
    return {count, factor};
}

const Workload* findWorkloadChoice(const std::string& id)
{
    for (const Workload* workload : workloadChoices()) {
        if (workload->id == id) {
            return workload;
        }
    }
    return nullptr;
}

} // namespace

void TestParamForm::formHoldsTheValuesOfEveryWorkload_data()
{
    QTest::addColumn<int>("index");
    const auto choices = workloadChoices();
    for (int i = 0; i < static_cast<int>(choices.size()); ++i) {
        QTest::newRow(choices[static_cast<std::size_t>(i)]->id.c_str()) << i;
    }
}

void TestParamForm::formHoldsTheValuesOfEveryWorkload()
{
    QFETCH(int, index);
    const Workload& workload = *workloadChoices()[static_cast<std::size_t>(index)];
    ParamForm form;
    form.setSpecs(workload.params);
    QVERIFY2(form.params() == defaultParams(workload.params), "the defaults are in the fields");
    QCOMPARE(form.firstError(), QString());

    const ParamSet given = otherValues(workload.params);
    form.setParams(given);
    QCOMPARE(form.firstError(), QString());
    QVERIFY(form.params() == given);
    form.setParams({});
    QVERIFY2(form.params() == defaultParams(workload.params), "what is not given is the default");
    for (const ParamSpec& spec : workload.params) {
        QVERIFY(form.field(spec.id) != nullptr);
        QVERIFY(!form.field(spec.id)->accessibleName().isEmpty());
        QVERIFY(!form.field(spec.id)->toolTip().isEmpty());
    }
}

void TestParamForm::formSaysWhatIsWrongBesideTheField()
{
    ParamForm form;
    form.setSpecs(numberSpecs());
    const QSignalSpy changed(&form, &ParamForm::changed);
    typeInto(form.field("count"), QStringLiteral("500"));
    QCOMPARE(changed.size(), 1);
    QVERIFY(form.errorText("count").contains(QStringLiteral("100")));
    QVERIFY(form.errorText("factor").isEmpty());
    QVERIFY(form.firstError().contains(QStringLiteral("Count")));
    QVERIFY2(form.params().find("count") == nullptr, "what is wrong is not handed out");
    typeInto(form.field("factor"), QStringLiteral("x"));
    QVERIFY(!form.errorText("factor").isEmpty());
    typeInto(form.field("count"), QStringLiteral("50"));
    typeInto(form.field("factor"), QStringLiteral("1.25"));
    QCOMPARE(form.firstError(), QString());
    QCOMPARE(form.params().integer("count"), std::int64_t{50});
    QCOMPARE(form.params().real("factor"), 1.25);
}

void TestParamForm::formLeavesOutValuesOfTheWrongType()
{
    ParamForm form;
    form.setSpecs(numberSpecs());
    ParamSet params;
    params.set("count", ParamValue{std::string("many")});
    params.set("unknown", ParamValue{std::int64_t{1}});
    form.setParams(params);
    QVERIFY(form.params() == defaultParams(numberSpecs()));
}

void TestParamForm::emptyFieldShowsAnExample()
{
    ParamForm form;
    form.setSpecs(findWorkloadChoice("command")->params);
    const auto* command = qobject_cast<QPlainTextEdit*>(form.field("command"));
    QVERIFY(command != nullptr);
    QCOMPARE(command->placeholderText(), QStringLiteral("convert {} {.}.webp"));
    QCOMPARE(form.params().text("command"), std::string());
}

void TestParamForm::numberBoxTakesWholeNumbersOf64Bits()
{
    ParamSpec spec;
    spec.id = "n";
    spec.label = "N";
    spec.maximum = 9.0e18;
    NumberBox box(spec);
    const QSignalSpy changed(&box, &NumberBox::valueChanged);
    const ParamValue large{std::int64_t{1'234'567'890'123'456'789}};
    box.setValue(large);
    QCOMPARE(changed.size(), 1);
    QVERIFY(box.parsed().isOk());
    QVERIFY(box.parsed().value() == large);
    box.setValue(large);
    QCOMPARE(changed.size(), 1);
}

void TestParamForm::numberBoxStepsStayInTheBounds()
{
    for (const ParamSpec& spec : numberSpecs()) {
        NumberBox box(spec);
        for (int i = 0; i < 300; ++i) {
            box.stepBy(1);
            QVERIFY(box.parsed().isOk());
        }
        QVERIFY(toText(box.parsed().value()) == (spec.id == "count" ? "100" : "2"));
        for (int i = 0; i < 300; ++i) {
            box.stepBy(-1);
        }
        QVERIFY(toText(box.parsed().value()) == (spec.id == "count" ? "1" : "0.5"));
    }
}

void TestParamForm::pathsBoxKeepsEachPathOnce()
{
    PathsBox box;
    const QSignalSpy changed(&box, &PathsBox::pathsChanged);
    const QStringList paths{QStringLiteral("/a"), QStringLiteral("/b c")};
    box.addPaths(paths);
    QCOMPARE(changed.size(), 1);
    box.addPaths({QStringLiteral("/a"), QString()});
    QCOMPARE(changed.size(), 1);
    QCOMPARE(box.paths(), paths);
}

} // namespace poolscope

QTEST_MAIN(poolscope::TestParamForm)
#include "tst_param_form.moc"
