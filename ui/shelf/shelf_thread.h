// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/mutex.h"
#include "core/shelf/run_shelf.h"

#include <QObject>
#include <QString>

#include <deque>
#include <functional>
#include <thread>

namespace poolscope {

/// A run shelf on a thread of its own, so that no disk keeps the window waiting. Everything that is asked is done,
/// one after the other; the shelf is opened with the first of it. All members: the thread that made it.
class ShelfThread : public QObject
{
    Q_OBJECT

public:
    /// Shows the result, on the thread that made this object.
    using Deliver = std::function<void()>;
    /// Done on the shelf's thread. May return an empty function.
    using Work = std::function<Deliver(RunShelf& shelf)>;

    /// \p folder: of the shelf.
    explicit ShelfThread(QString folder, QObject* parent = nullptr);
    /// Waits until all that was asked is done; what would be delivered is dropped.
    ~ShelfThread() override;

    void ask(Work work);

signals:
    /// The shelf cannot be opened, so what was asked was not done. The next one tries again.
    void unusable(const QString& problem);
    /// Something that the user should know of what was done.
    void noticed(const QString& notice);
    /// From the shelf's thread to the one that made this object.
    void worked(QPrivateSignal);

private:
    void work() PS_EXCLUDES(m_mutex);
    [[nodiscard]] std::vector<Deliver> resultsOf(const Work& work,
                                                 std::unique_ptr<RunShelf>& shelf);
    void deliverAll() PS_EXCLUDES(m_mutex);

    const QString m_folder;
    Mutex m_mutex;
    ConditionVariable m_asked;
    std::deque<Work> m_works PS_GUARDED_BY(m_mutex);
    std::deque<Deliver> m_results PS_GUARDED_BY(m_mutex);
    bool m_isEnding PS_GUARDED_BY(m_mutex) = false;
    std::jthread m_thread; ///< last: it uses all of the above
};

} // namespace poolscope
