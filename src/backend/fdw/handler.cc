// The table of callbacks that PostgreSQL gets of us: kalam_handler. Named by CREATE FOREIGN DATA WRAPPER.
#include "backend/ddl/import_schema.h"
#include "backend/fdw/callbacks.h"
#include "backend/pg.h"

extern "C" {
#include "nodes/makefuncs.h"

PG_FUNCTION_INFO_V1(kalam_handler);
Datum kalam_handler(PG_FUNCTION_ARGS);
}

namespace fdw = kalam::backend::fdw;

Datum kalam_handler(PG_FUNCTION_ARGS) {
    (void)fcinfo;
    FdwRoutine *routine = makeNode(FdwRoutine);

    routine->GetForeignRelSize = fdw::GetForeignRelSize;
    routine->GetForeignPaths = fdw::GetForeignPaths;
    routine->GetForeignPlan = fdw::GetForeignPlan;
    routine->GetForeignUpperPaths = fdw::GetForeignUpperPaths;
    routine->BeginForeignScan = fdw::BeginForeignScan;
    routine->IterateForeignScan = fdw::IterateForeignScan;
    routine->ReScanForeignScan = fdw::ReScanForeignScan;
    routine->EndForeignScan = fdw::EndForeignScan;

    routine->AddForeignUpdateTargets = fdw::AddForeignUpdateTargets;
    routine->PlanForeignModify = fdw::PlanForeignModify;
    routine->IsForeignRelUpdatable = fdw::IsForeignRelUpdatable;
    routine->BeginForeignModify = fdw::BeginForeignModify;
    routine->ExecForeignInsert = fdw::ExecForeignInsert;
    routine->ExecForeignBatchInsert = fdw::ExecForeignBatchInsert;
    routine->GetForeignModifyBatchSize = fdw::GetForeignModifyBatchSize;
    routine->ExecForeignUpdate = fdw::ExecForeignUpdate;
    routine->ExecForeignDelete = fdw::ExecForeignDelete;
    routine->EndForeignModify = fdw::EndForeignModify;
    routine->BeginForeignInsert = fdw::BeginForeignInsert;
    routine->EndForeignInsert = fdw::EndForeignInsert;

    routine->PlanDirectModify = fdw::PlanDirectModify;
    routine->BeginDirectModify = fdw::BeginDirectModify;
    routine->IterateDirectModify = fdw::IterateDirectModify;
    routine->EndDirectModify = fdw::EndDirectModify;

    routine->ExplainForeignScan = fdw::ExplainForeignScan;
    routine->ExplainForeignModify = fdw::ExplainForeignModify;
    routine->ExplainDirectModify = fdw::ExplainDirectModify;

    routine->AnalyzeForeignTable = fdw::AnalyzeForeignTable;
    routine->ExecForeignTruncate = fdw::ExecForeignTruncate;
    routine->ImportForeignSchema = kalam::backend::ddl::ImportForeignSchema;
    PG_RETURN_POINTER(routine);
}
