/* The JSON Schemas of src/schema/, made into C text by the build. */
#ifndef ISN_API_SCHEMAS_H
#define ISN_API_SCHEMAS_H

typedef struct schema_row {
    const char *name, *text;
} schema_row;
/* The last row has no name. */
extern const schema_row schema_rows[];

#endif
