// The types of pictures are left out: where an operation takes several, orval writes all of them as JSON.
module.exports = {
    csauth: {
        input: 'generated/openapi.json',
        output: {
            target: 'generated/orval/client.ts',
            client: 'fetch',
            baseUrl: {getBaseUrlFromSpecification: true},
            override: {contentType: {exclude: ['image/jpeg', 'image/png', 'image/webp', 'image/gif']}},
        },
    },
};
