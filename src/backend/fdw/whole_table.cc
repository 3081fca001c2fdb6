// One unfiltered scan (whole_table.h). Called by analyze.cc, count.cc, known_keys.cc and truncate.cc.
#include "backend/fdw/whole_table.h"

#include "backend/fdw/requests.h"
#include "backend/fdw/row_cap.h"
#include "backend/xact.h"

extern "C" {
#include "access/xact.h"
}

namespace kalam::backend::fdw {

RowReader ReadWholeTable(const Endpoint *endpoint, const catalog::TableIdentity *identity,
                         const char *user_id, const Projection *projection) {
    Request request = ScanRequest(endpoint, identity, user_id, *projection, {});
    request.head.session = PrepareRead(endpoint, identity->name(), GetCurrentCommandId(false));
    Answer answer = CallInXact(request);
    RequireUncut(request, identity, endpoint, &answer);
    return OpenRows(answer, projection);
}

}  // namespace kalam::backend::fdw
