// What an app does with the service, from registering to logging out. Each generated client runs it: see the other files here.
import assert from 'node:assert/strict';
import {execFileSync} from 'node:child_process';
import {readFileSync} from 'node:fs';

/** An answer: `data` of a 2xx, otherwise `error`, the problem document. */
export interface Answer<T> {
    status: number;
    data?: T;
    error?: {code: string};
}

export interface Tokens {
    access: string;
    refresh: string;
}
export interface User {
    id: string;
    username: string;
    bio: string;
    avatar: string | null;
    is_verified: boolean;
}
export type Status = 'online' | 'away' | 'busy' | 'invisible';

/** The operations of the walk. A generated client that types one of them differently does not compile. */
export interface Client {
    /** Sends this access token with all later requests. With an empty one they are sent without a token. */
    use(access: string): void;
    register(body: {email: string; username: string; password: string}): Promise<Answer<{tokens?: Tokens}>>;
    confirm(body: {token: string; password: string} | {code: string}): Promise<Answer<{message: string}>>;
    login(body: {email: string; password: string}): Promise<Answer<{user: User; tokens?: Tokens}>>;
    me(): Promise<Answer<User>>;
    profile(): Promise<Answer<User>>;
    changeProfile(body: {bio: string}): Promise<Answer<User>>;
    setAvatar(picture: Blob): Promise<Answer<User>>;
    removeAvatar(): Promise<Answer<User>>;
    sessions(): Promise<Answer<{items: {id: string; current: boolean}[]}>>;
    setPresence(status: Status): Promise<Answer<unknown>>;
    presence(users: string[]): Promise<Answer<Record<string, {status: string} | undefined>>>;
    refresh(refresh: string): Promise<Answer<{access?: string} | void>>;
    roles(): Promise<Answer<{items: {name: string}[]}>>;
    role(name: string): Promise<Answer<{name: string; priority: number}>>;
    logout(): Promise<Answer<unknown>>;
}

const password = 'correct horse battery';

/** The first mail to an address; waits for it. */
async function mailTo(address: string): Promise<{link: string; text: string}> {
    for (const end = Date.now() + 30_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
        const [first] = execFileSync('tests/tools/mails.py', [`${process.env.VAR}/mail/box`, address], {encoding: 'utf8'}).split('\n');
        if (first) return JSON.parse(first);
    }
    throw new Error(`no mail came to ${address}`);
}

function good<T>(answer: Answer<T>, status: number): T {
    assert.equal(answer.status, status, JSON.stringify(answer.error));
    return answer.data as T;
}

function refused<T>(answer: Answer<T>, status: number, code: string): void {
    assert.equal(answer.status, status);
    assert.equal(answer.error?.code, code);
}

function tokens(of: {tokens?: Tokens}): Tokens {
    assert(of.tokens, 'there are no tokens');
    return of.tokens;
}

/** Runs the walk as NAME@example.com; a second user, NAME-friend, confirms the address by the code of the mail. */
export async function walk(client: Client, name: string): Promise<void> {
    const friend = tokens(good(await client.register({email: `${name}-friend@example.com`, username: `${name}-friend`, password}), 201));
    client.use(friend.access);
    const code = /^[A-Z2-9]{4}-[A-Z2-9]{4}/m.exec((await mailTo(`${name}-friend@example.com`)).text);
    assert(code, 'the mail has no code');
    good(await client.confirm({code: code[0]}), 200);
    const friendId = good(await client.me(), 200).id;
    good(await client.setPresence('away'), 204);

    client.use('');
    refused(await client.me(), 401, 'authentication_required');
    good(await client.register({email: `${name}@example.com`, username: name, password}), 201);
    refused(await client.login({email: `${name}@example.com`, password: 'not the password'}), 401, 'invalid_credentials');
    const token = (await mailTo(`${name}@example.com`)).link.split('token=')[1];
    assert(token, 'the mail has no link');
    good(await client.confirm({token, password}), 200);
    const signedIn = good(await client.login({email: `${name}@example.com`, password}), 200);
    assert.equal(signedIn.user.username, name);
    client.use(tokens(signedIn).access);

    const me = good(await client.me(), 200);
    assert.equal(me.is_verified, true);
    assert.equal(good(await client.changeProfile({bio: 'Plays the viola.'}), 200).bio, 'Plays the viola.');
    assert.equal(good(await client.profile(), 200).bio, 'Plays the viola.');
    refused(await client.changeProfile({bio: 'x'.repeat(1000)}), 422, 'validation_failed');

    const picture = new Blob([readFileSync(process.env.PICTURE!)], {type: 'image/png'});
    assert.match(good(await client.setAvatar(picture), 200).avatar ?? '', /^\/avatars\/.*\.webp$/);
    assert.equal(good(await client.removeAvatar(), 200).avatar, null);

    const sessions = good(await client.sessions(), 200).items;
    assert.equal(sessions.filter((session) => session.current).length, 1);

    good(await client.setPresence('busy'), 204);
    const presence = good(await client.presence([me.id, friendId]), 200);
    assert.deepEqual([presence[me.id]?.status, presence[friendId]?.status], ['busy', 'away']);

    const refreshed = good(await client.refresh(tokens(signedIn).refresh), 200);
    assert(refreshed?.access);
    client.use(refreshed.access);
    refused(await client.refresh('x'), 401, 'invalid_token');

    assert(good(await client.roles(), 200).items.some((role) => role.name === 'member'));
    assert.equal(good(await client.role('member'), 200).name, 'member');
    refused(await client.role('no-such-role'), 404, 'not_found');

    good(await client.logout(), 204);
    refused(await client.me(), 401, 'session_ended');
}
