// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/lab/levels_page.h"

namespace poolscope {

class ChunksPicture;

/// Which size of chunks to take. GUI thread.
class ChunksPage : public LevelsPage
{
    Q_OBJECT

public:
    explicit ChunksPage(QWidget* parent = nullptr);

    [[nodiscard]] ChunksPicture& picture() const { return *m_picture; }

protected:
    [[nodiscard]] std::vector<RunSettings> arms() const override;
    [[nodiscard]] QString headline() const override;
    [[nodiscard]] std::vector<int> defaultLevels() const override;
    void showRuns() override;
    void applyAdvice() override;

private:
    ChunksPicture* m_picture;
};

} // namespace poolscope
