// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/workers_page.h"

#include "core/control/catalogue_view.h"
#include "core/control/experiment_grid.h"
#include "ui/common/experiment_text.h"
#include "ui/common/format.h"
#include "ui/lab/job_text.h"
#include "ui/lab/workers_picture.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>

namespace poolscope {

WorkersPage::WorkersPage(QWidget* parent)
    : LevelsPage(ExperimentKind::Sweep, new WorkersPicture, tr("&Workers"), maxWorkers(), parent)
    , m_picture(findChild<WorkersPicture*>())
    , m_measure(new QComboBox(this))
    , m_predict(new QCheckBox(tr("Predict, then run"), form()))
    , m_predictHelp(new QLabel(form()))
{
    m_picture->setEmptyText(tr("How much faster is the job with more workers?\n"
                               "Press Start to measure it with several numbers of them."));
    m_measure->addItems({tr("Speed-up"), tr("Efficiency"), tr("Throughput")});
    m_measure->setAccessibleName(tr("Show"));
    m_measure->setToolTip(tr("What the picture shows over the number of workers"));
    m_predict->setToolTip(
        tr("Draw the speed-up that you expect; the measured one appears over it"));
    m_predictHelp->setObjectName(QStringLiteral("dimLabel"));
    m_predictHelp->setWordWrap(true);
    m_predictHelp->setText(tr("Click or drag in the picture to draw the speed-up you expect. Keys: "
                              "left and right choose the number of workers, up and down the "
                              "speed-up, with Shift in large steps."));
    addToHead(m_measure);
    addWidget(m_predict);
    addWidget(m_predictHelp);
    m_predictHelp->hide();
    connect(m_measure, &QComboBox::currentIndexChanged, this, [this](int index) {
        m_picture->setMeasure(static_cast<WorkersPicture::Measure>(index));
        updateDrawing();
    });
    connect(m_predict, &QCheckBox::toggled, this, &WorkersPage::onPredictToggled);
    connect(this, &LabPage::changed, this, [this] {
        if (runs().empty()) { // else the picture is of others
            m_picture->setLevels(levels());
        }
    });
}

std::vector<int> WorkersPage::defaultLevels() const
{
    return defaultWorkerGrid();
}

QString WorkersPage::headline() const
{
    return executorTitle(kindOf(measuredPlan(), 0));
}

std::vector<RunSettings> WorkersPage::arms() const
{
    return armsByWorkers(jobOnOne(), levels());
}

/// Begins anew: a prediction beside figures that are known would be none.
void WorkersPage::onPredictToggled(bool isPredicting)
{
    m_picture->clearPrediction();
    m_picture->setPredictionShown(isPredicting);
    if (isPredicting) {
        m_measure->setCurrentIndex(static_cast<int>(WorkersPicture::Measure::SpeedUp));
        clearRuns();
        m_picture->setLevels(levels());
    } else {
        showRuns();
    }
    updateDrawing();
    if (isPredicting) {
        m_picture->setFocus();
    }
}

/// Drawing is for speed-ups that are not known yet.
void WorkersPage::updateDrawing()
{
    m_picture->setDrawing(m_predict->isChecked() && runs().empty() && !isMeasuring() &&
                          m_picture->measure() == WorkersPicture::Measure::SpeedUp);
    m_predictHelp->setVisible(m_picture->isDrawing());
}

void WorkersPage::begin(const ExperimentPlan& plan)
{
    m_picture->setLevels(levels());
    LevelsPage::begin(plan);
    updateDrawing();
}

void WorkersPage::end()
{
    LevelsPage::end();
    updateDrawing();
}

QString WorkersPage::predictionSentence() const
{
    const auto error = errorOf(m_picture->prediction(), m_picture->advice().points);
    if (!m_predict->isChecked() || !error) {
        return {};
    }
    return tr("Your prediction was off by %1 on average, most with %2 workers: %3× expected, %4× "
              "measured.")
        .arg(formatShare(error->mean))
        .arg(error->worst)
        .arg(error->predicted, 0, 'f', 2)
        .arg(error->measured, 0, 'f', 2);
}

void WorkersPage::showRuns()
{
    const std::vector<Repeat> repeats = throughputsOf(measuredPlan(), runs());
    m_picture->setRuns(repeats);
    if (runs().empty()) {
        setVerdict({});
        setAdvice({});
        return;
    }
    const PoolSizeAdvice& advice = m_picture->advice();
    QStringList lines = sweepSentences(advice);
    if (const QString sentence = predictionSentence(); !sentence.isEmpty() && !isMeasuring()) {
        lines << sentence;
    }
    lines << fitSentence(m_picture->amdahl()) << fitSentence(m_picture->usl());
    setVerdict(lines);
    setAdvice(!advice.isFirm()          ? QString()
              : advice.recommended == 1 ? tr("Apply 1 worker")
                                        : tr("Apply %1 workers").arg(advice.recommended));
}

void WorkersPage::applyAdvice()
{
    emit workersWanted(kindOf(measuredPlan(), 0), m_picture->advice().recommended);
}

} // namespace poolscope
