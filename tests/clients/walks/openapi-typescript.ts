// openapi-typescript with openapi-fetch. Its lists repeat the parameter unless told otherwise.
import createClient from 'openapi-fetch';
import type {paths} from '../generated/openapi-typescript/schema';
import document from '../generated/openapi.json';
import {walk, type Answer} from './walk';

const api = createClient<paths>({baseUrl: document.servers[0]!.url, querySerializer: {array: {style: 'form', explode: false}}});
let access = '';
api.use({
    onRequest: ({request}) => {
        if (access) request.headers.set('Authorization', `Bearer ${access}`);
        return request;
    },
});

type Got<T> = {data?: T; error?: {code: string}; response: Response};
const answer = <T>({data, error, response}: Got<T>): Answer<T> => ({status: response.status, data, error});

void walk({
    use: (token) => { access = token; },
    register: async (body) => answer(await api.POST('/api/register/', {body})),
    confirm: async (body) => answer(await api.POST('/api/verify-email/', {body})),
    login: async (body) => answer(await api.POST('/api/login/', {body})),
    me: async () => answer(await api.GET('/api/me/')),
    profile: async () => answer(await api.GET('/api/profile/')),
    changeProfile: async (body) => answer(await api.PATCH('/api/profile/', {body})),
    // Binary data has the type string here: the form is made by hand.
    setAvatar: async (picture) => answer(await api.PUT('/api/me/avatar/', {
        body: {avatar: ''},
        bodySerializer: () => {
            const form = new FormData();
            form.append('avatar', picture);
            return form;
        },
    })),
    removeAvatar: async () => answer(await api.DELETE('/api/me/avatar/')),
    sessions: async () => answer(await api.GET('/api/sessions/')),
    setPresence: async (status) => answer(await api.PUT('/api/presence/', {body: {status}})),
    presence: async (users) => answer(await api.GET('/api/presence/', {params: {query: {users}}})),
    refresh: async (refresh) => answer(await api.POST('/api/token/refresh/', {body: {refresh}})),
    roles: async () => answer(await api.GET('/api/roles/')),
    role: async (name) => answer(await api.GET('/api/roles/{name}/', {params: {path: {name}}})),
    logout: async () => answer(await api.POST('/api/logout/')),
}, 'openapi-typescript');
