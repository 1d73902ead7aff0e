// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lab/chunks_page.h"

#include "core/control/catalogue_view.h"
#include "core/control/experiment_grid.h"
#include "ui/common/experiment_text.h"
#include "ui/lab/chunks_picture.h"
#include "ui/lab/job_text.h"

namespace poolscope {

ChunksPage::ChunksPage(QWidget* parent)
    : LevelsPage(ExperimentKind::Chunks, new ChunksPicture, tr("&Chunks"), maxChunk(), parent)
    , m_picture(findChild<ChunksPicture*>())
{
    setPreferred(QStringLiteral("processes")); // where the hand-over costs most
    m_picture->setEmptyText(tr("How many tasks should travel together?\n"
                               "Press Start to measure several sizes of chunks."));
}

std::vector<int> ChunksPage::defaultLevels() const
{
    std::vector<int> grid = defaultChunkGrid(jobOnOne());
    std::erase_if(grid, [](int chunk) { return chunk > maxChunk(); });
    return grid;
}

std::vector<RunSettings> ChunksPage::arms() const
{
    return armsByChunk(jobOnOne(), levels());
}

QString ChunksPage::headline() const
{
    const int workers = measuredPlan().arms.front().executors.front().workers;
    const QString title = executorTitle(kindOf(measuredPlan(), 0));
    return workers == 1 ? tr("%1, 1 worker").arg(title)
                        : tr("%1, %2 workers").arg(title).arg(workers);
}

void ChunksPage::showRuns()
{
    const std::uint64_t tasks = runs().empty() ? 0 : runs().front().summary.tasks;
    const int workers = runs().empty() ? 1 : measuredPlan().arms.front().executors.front().workers;
    std::vector<int> levels;
    for (const RunSettings& arm : measuredPlan().arms) {
        levels.push_back(arm.chunk);
    }
    m_picture->setRuns(chunkRunsOf(runs()), levels, poolMapDefaultChunk(tasks, workers));
    if (runs().empty()) {
        setVerdict({});
        setAdvice({});
        return;
    }
    const ChunkCurve& curve = m_picture->curve();
    setVerdict(chunkSentences(curve) << pythonChunkSentence(tasks, workers));
    setAdvice(curve.isFirm() ? tr("Apply chunk %1").arg(curve.recommended) : QString());
}

void ChunksPage::applyAdvice()
{
    emit chunkWanted(m_picture->curve().recommended);
}

} // namespace poolscope
